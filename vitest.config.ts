import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A test that leaves a rejection behind has found a bug: never ignore it.
    dangerouslyIgnoreUnhandledErrors: false,
    projects: [
      {
        extends: true,
        // Two at a time, also where there are but two cores: most of them wait for sockets and children.
        test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/browser/**'], maxWorkers: 2 },
      },
      {
        extends: true,
        // One browser at a time, after the others: frame rates and delays are measured here.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
