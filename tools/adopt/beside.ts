/** Files that stand beside a new runbook: what asks it whether it is still true. */

/** A vitest spec: each sentence of the page is a test. `page` is relative to where vitest runs. */
export const specFile = (page: string): string =>
  [
    "import { describeRunbook } from 'testable-runbook/vitest';",
    '',
    `describeRunbook(${JSON.stringify(page)});`,
    '',
  ].join('\n');

export interface WorkflowFacts {
  page: string;
  /** Of this tool: what a forge installs. */
  version: string;
  /** Whether it has a server, whose version the matrix varies. */
  hasDatabase: boolean;
  /** Whether what no run judges fails the check: a page that was somebody's may say much of that. */
  isStrict: boolean;
}

/**
 * A workflow for GitHub, which Gitea and Forgejo read, too: the page is checked, with its problems at their lines, and
 * rehearsed; the report is kept, and stands on the page of the run.
 */
export const workflowFile = ({ page, version, hasDatabase, isStrict }: WorkflowFacts): string =>
  [
    'name: runbook',
    'on:',
    '  pull_request:',
    '  push:',
    '    branches: [main]',
    '  schedule:',
    '    # What a page says can cease to be true while nobody changes it.',
    "    - cron: '17 4 * * 1'",
    'permissions:',
    '  contents: read',
    'env:',
    `  RUNBOOK: npx --yes --package=testable-runbook@${version} runbook --runbook ${page}`,
    'jobs:',
    '  check:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: actions/setup-node@v4',
    '        with: { node-version: 22 }',
    `      - run: $RUNBOOK check ${isStrict ? '--strict ' : ''}--format github`,
    '  rehearse:',
    '    needs: check',
    '    runs-on: ubuntu-latest',
    '    strategy:',
    '      fail-fast: false',
    ...(hasDatabase
      ? [
          '      matrix:',
          '        postgres: [14, 15, 16, 17]',
          '        # Both are the same, until a seed has {data} in its name.',
          '        data: [small, large]',
        ]
      : ['      matrix:', '        data: [small]']),
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: actions/setup-node@v4',
    '        with: { node-version: 22 }',
    `      - run: $RUNBOOK doctor --install${hasDatabase ? ' --postgres ${{ matrix.postgres }}' : ''}`,
    `      - run: $RUNBOOK rehearse --all --data \${{ matrix.data }}${hasDatabase ? ' --postgres ${{ matrix.postgres }}' : ''}`,
    '      - if: always()',
    '        uses: actions/upload-artifact@v4',
    '        with:',
    `          name: report-\${{ ${hasDatabase ? 'matrix.postgres }}-${{ ' : ''}matrix.data }}`,
    '          path: .runbook/runs/',
    '          include-hidden-files: true',
    '',
  ].join('\n');
