import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAGES } from '../../contract/routes.ts';
import { readPages } from './pages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  const files = {
    'desk/index.html': '<script src="../assets/desk-1.js"></script>',
    'floor/cue/index.html':
      '<link rel="icon" href="../../assets/icon-1.svg"><a href="../../../secret"></a><script src="../../assets/cue-1.js"></script>',
    'assets/desk-1.js': 'desk',
    'assets/cue-1.js': 'cue',
    'assets/shared-1.js': 'shared',
    'assets/late-1.js': 'late',
    'assets/cue-1.css': 'css',
    'assets/icon-1.svg': '<svg/>',
    secret: 'not built',
    'pages.json': JSON.stringify({
      'desk/index.html': { file: 'assets/desk-1.js', imports: ['_shared.js'] },
      'floor/cue/index.html': {
        file: 'assets/cue-1.js',
        imports: ['_shared.js'],
        dynamicImports: ['late.ts'],
        css: ['assets/cue-1.css'],
      },
      '_shared.js': { file: 'assets/shared-1.js', imports: ['_shared.js'] },
      'late.ts': { file: 'assets/late-1.js' },
    }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('pages', () => {
  it('are the entry and all that it may load, and nothing of another listener', () => {
    const floor = readPages(folder, { '/cue/': PAGES.floor['/cue/'] });
    expect([...floor.keys()].sort()).toEqual([
      '/assets/cue-1.css',
      '/assets/cue-1.js',
      '/assets/icon-1.svg',
      '/assets/late-1.js',
      '/assets/shared-1.js',
      '/cue/',
    ]);
    expect([...readPages(folder, PAGES.desk).keys()].sort()).toEqual([
      '/assets/desk-1.js',
      '/assets/shared-1.js',
      '/desk/',
    ]);
  });

  it('are packed once, where packing gains anything', () => {
    writeFileSync(join(folder, 'assets/cue-1.js'), 'cue '.repeat(500));
    const floor = readPages(folder, { '/cue/': PAGES.floor['/cue/'] });
    const { bytes, packed } = floor.get('/assets/cue-1.js') ?? {};
    const small = packed?.();
    expect(small && gunzipSync(small)).toEqual(bytes);
    expect(floor.get('/assets/shared-1.js')?.packed()).toBeNull();
  });

  it('have their type; only what carries a hash in its name may be kept by browsers', () => {
    const floor = readPages(folder, { '/cue/': PAGES.floor['/cue/'] });
    expect(floor.get('/cue/')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8', immutable: false });
    expect(floor.get('/assets/cue-1.js')).toMatchObject({ type: 'text/javascript; charset=utf-8', immutable: true });
  });

  it('say in words that they are not built', () => {
    const page = readPages('/nowhere', PAGES.desk).get('/desk/');
    expect(page?.status).toBe(503);
    expect(page?.bytes.toString()).toContain('npm run build');
  });
});
