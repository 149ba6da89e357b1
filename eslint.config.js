import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

const browserGlobals = Object.fromEntries(
  [
    'window document location history navigator localStorage sessionStorage indexedDB crypto performance fetch URL URLSearchParams Blob File FileReader',
    'setTimeout clearTimeout setInterval clearInterval queueMicrotask requestAnimationFrame cancelAnimationFrame console structuredClone CSS',
    'HTMLElement HTMLInputElement HTMLButtonElement HTMLDialogElement HTMLCanvasElement HTMLSelectElement HTMLTextAreaElement HTMLFormElement HTMLDivElement HTMLTableElement',
    'KeyboardEvent PointerEvent MouseEvent Event EventTarget Element Node DragEvent SubmitEvent FocusEvent BeforeUnloadEvent PageTransitionEvent IDBDatabase IDBRequest IDBOpenDBRequest IDBTransaction',
    'matchMedia getComputedStyle TextEncoder TextDecoder ResizeObserver MutationObserver AbortController AbortSignal alert btoa atob confirm getSelection',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, 'readonly']),
);

export default ts.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'test-results/', 'playwright-report/', 'test/fixtures/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: {
      globals: {
        ...browserGlobals,
        process: 'readonly',
        Buffer: 'readonly',
        NodeJS: 'readonly',
        setImmediate: 'readonly',
        clearImmediate: 'readonly',
        global: 'readonly',
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      eqeqeq: 'error',
      'no-undef': 'off',
    },
  },
  {
    // Money never passes through a float (MON-3); and the domain has no clock and no dice.
    files: ['src/domain/**/*.ts', 'src/hub/connectors/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'parseFloat', message: 'Money is shifted as text: parseMinor.' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'svelte/no-at-html-tags': 'error', 'prefer-const': 'off' },
  },
  { files: ['*.config.*', 'build/**', '**/*.d.ts'], rules: { 'no-restricted-exports': 'off' } },
);
