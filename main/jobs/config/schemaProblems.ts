import { z } from 'zod';
import { RunConfig, type ConfigProblem } from '../../contract/config.ts';
import { nearestName } from '../../data/nearestName.ts';
import type { ConfigDocument } from './document.ts';

type Issue = z.core.$ZodIssue;

/** What the schema finds wrong, each at its place, in words a person uses. */
export function schemaProblems(document: ConfigDocument, issues: readonly Issue[]): ConfigProblem[] {
  const problems = issues.flatMap((issue) => problemsOf(document, issue, []));
  // A misspelt key is told once, not also as the missing one it was meant to be.
  const meant = new Set(
    problems.flatMap(({ path, fix }) => (fix ? [[...path.split('.').slice(0, -1), fix.replacement].join('.')] : [])),
  );
  return problems.filter(({ path, fix }) => fix !== undefined || !meant.has(path));
}

function problemsOf(document: ConfigDocument, issue: Issue, above: readonly PropertyKey[]): ConfigProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(document, path, key));
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => problemsOf(document, inner, path));
  }
  return [
    {
      severity: 'error',
      message: `${path.join('.') || 'The file'} ${describe(issue, document, path)}`,
      path: path.join('.'),
      span: document.valueSpan(path),
    },
  ];
}

/** Of several shapes a value may have, the one that was meant: the one whose own type fits. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fits = (branch: readonly Issue[]) =>
    !branch.some((inner) => inner.path.length === 0 && /invalid_(type|value)/.test(inner.code));
  return branches.find(fits);
}

function unknownKey(document: ConfigDocument, path: readonly PropertyKey[], key: string): ConfigProblem {
  const nearest = nearestName(key, keysAt(path));
  const where = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
  return {
    severity: 'error',
    message: `There is no key "${key}" in ${where}${nearest ? `; did you mean "${nearest}"?` : '.'}`,
    path: [...path, key].join('.'),
    span: document.keySpan([...path, key]),
    ...(nearest && { fix: { label: `Use "${nearest}"`, replacement: nearest } }),
  };
}

/** Keys the schema knows in the mapping at `path`. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let nodes: Schema[] = [(jsonSchema ??= z.toJSONSchema(RunConfig, { io: 'input' }) as Schema)];
  for (const key of path) nodes = nodes.flatMap(shapes).flatMap(({ properties }) => properties?.[String(key)] ?? []);
  return nodes.flatMap(shapes).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

let jsonSchema: Schema | undefined;

const shapes = (node: Schema): Schema[] => [node, ...(node.anyOf ?? []).flatMap(shapes)];

function describe(issue: Issue, document: ConfigDocument, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case 'invalid_type': {
      const found = document.doc.getIn(path);
      if (found === undefined) return 'is missing.';
      return `must be ${nameOfType(issue.expected)}, not ${nameOfValue(found)}.`;
    }
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}, not ${nameOfValue(document.doc.getIn(path))}.`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}.`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}.`;
    case 'invalid_union':
      return `must be ${alternatives(issue.errors)}, not ${nameOfValue(document.doc.getIn(path))}.`;
    default:
      return `is not right: ${issue.message}.`;
  }
}

/** What each shape of a union would have taken. */
function alternatives(branches: readonly (readonly Issue[])[]): string {
  const named = branches.flatMap(([issue]) =>
    issue?.code === 'invalid_value'
      ? issue.values.map(String)
      : issue?.code === 'invalid_type'
        ? [nameOfType(issue.expected)]
        : [],
  );
  return [...new Set(named)].join(' or ');
}

function nameOfType(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    number: 'a number',
    int: 'a whole number',
    string: 'a text',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[expected] ?? expected;
}

function nameOfValue(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'object') return 'items' in value ? 'a list or a mapping' : 'a mapping';
  return typeof value === 'string' ? `"${value}"` : String(value);
}
