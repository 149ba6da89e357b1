import { join } from 'node:path';

/** The project's folder; every script of build/ starts here. */
export const ROOT = join(import.meta.dirname, '..');
export const OUT = join(ROOT, 'out');

/** @param {string} name a program that npm installed */
export const bin = (name) => join(ROOT, 'node_modules', '.bin', name);

/** One line for the person at the terminal; stdout stays free for what programs read. */
export const say = (/** @type {string} */ sentence) => void process.stderr.write(`${sentence}\n`);
