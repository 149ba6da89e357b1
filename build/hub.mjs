import { join } from 'node:path';
import { buildWhenStale } from './build.mjs';
import { OUT } from './paths.mjs';

// The hub alone, without Electron. It runs in this very process, so that a signal to npm's child is a signal to the hub.
await buildWhenStale();
process.argv.splice(1, 1, join(OUT, 'main', 'hub.js'));
await import('../out/main/hub.js');
