import { buildSchema } from 'graphql';
import { compareSchemas } from '../support/api-compare-schemas';

const THEIRS = `
  type Query { run(id: ID!, fast: Boolean): Run! runs: [Run] }
  type Run { id: ID! name: String }
  type Gone { id: ID! }
  union Answer = Run | Gone
  enum Status { OK BAD }
  input Filter { id: ID limit: Int! }`;

test('A schema does not differ from itself', () => {
  expect(compareSchemas(buildSchema(THEIRS), buildSchema(THEIRS))).toEqual([]);
});

test('What clients would notice is told, what only ours has is not', () => {
  const ours = `
    type Query { run(id: ID): Run! runs: [Run!]! ours: Int }
    type Run { id: ID! ours: Int }
    type Ours { id: ID! }
    type Gone { id: ID! }
    union Answer = Run | Ours
    enum Status { OK OURS }
    input Filter { id: ID! limit: Int! }`;

  expect(compareSchemas(buildSchema(THEIRS), buildSchema(ours)).sort()).toEqual([
    'Answer.Gone: missing',
    'Filter.id: ID is ID!',
    'Query.run(fast): missing',
    'Query.run(id): ID! is ID',
    'Query.runs: [Run] is [Run!]!',
    'Run.name: missing',
    'Status.BAD: missing',
  ]);
});

test('A type of another kind is one difference, a missing one none: clients that want it say so by its field', () => {
  expect(
    compareSchemas(
      buildSchema('type Query { a: A } scalar A type B { c: Int }'),
      buildSchema('type Query { a: A } enum A { X }'),
    ),
  ).toEqual(['A: another kind of type']);
});
