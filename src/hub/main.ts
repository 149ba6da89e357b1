import * as nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * The hub's entry, under Electron's utilityProcess and under plain Node alike. Nothing native may be imported before the
 * check: an older runtime would die without a word when it loads the database.
 */

// A hub that comes back during a show should not compile its own code again. Older runtimes have no such cache, and are
// told so below.
nodeModule.enableCompileCache?.();
// Folding a long ledger makes much that dies young: the young heap stays small instead of growing for the day.
setFlagsFromString('--semi-space-growth-factor=1');

const napi = Number(process.versions.napi);
if (napi >= 10) {
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
} else {
  process.stderr.write(
    `Dropdesk's hub needs Node 22.14 or newer (Node-API 10); this is ${process.version} with Node-API ${napi}.\n`,
  );
  process.exit(2);
}
