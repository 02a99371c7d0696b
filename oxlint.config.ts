import { defineConfig } from 'oxlint';

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'node', 'oxc'],
  jsPlugins: ['./scripts/lib/storeys/lint-plugin.ts', './scripts/lib/notices/lint-plugin.ts'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  env: { node: true, es2024: true },
  ignorePatterns: ['dist', 'out', 'examples/**/build'],
  rules: {
    'storeys/imports': 'error',
    'notices/funnel': 'error',
    'import/no-default-export': 'error',
    'import/no-unassigned-import': 'off',
    'max-lines': ['error', { max: 400 }],
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'promise/always-return': 'off',
    'oxc/no-map-spread': 'off',
    'no-underscore-dangle': 'off',
    'no-console': 'error',
    eqeqeq: 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [
          {
            from: 'package',
            package: 'node:test',
            name: ['suite', 'test', 'before', 'beforeEach', 'after', 'afterEach'],
          },
        ],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/require-array-sort-compare': 'off',
  },
  overrides: [
    {
      files: ['src/webview/**', 'src/workbench/console/**'],
      rules: { 'unicorn/require-post-message-target-origin': 'off' },
    },
    {
      files: ['scripts/**', 'test/**'],
      rules: { 'no-console': 'off', 'unicorn/consistent-function-scoping': 'off' },
    },
    {
      // What the linter itself loads.
      files: ['oxlint.config.ts', 'scripts/lib/*/lint-plugin.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});
