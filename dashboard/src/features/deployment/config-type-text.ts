import type { OpDetailsResult } from '../../graphql/generated';

type Repository = Extract<OpDetailsResult['repositoryOrError'], { readonly __typename: 'Repository' }>;
export type OpDetails = NonNullable<Repository['usedSolid']>['definition'];
type ConfigType = NonNullable<
  Extract<OpDetails, { readonly __typename: 'SolidDefinition' }>['configField']
>['configType'];
export type OpConfigField = Extract<
  ConfigType,
  { readonly __typename: 'CompositeConfigType' }
>['fields'][number];

const words: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'whole number',
  Float: 'number',
  Bool: 'true or false',
  Any: 'anything',
};

/** A type's name as people say it; of one that is made of others its kind. */
const typeWord = ({ __typename, key }: { readonly __typename: string; readonly key: string }): string =>
  words[key] ?? kinds[__typename] ?? key;

const kinds: Readonly<Record<string, string>> = {
  CompositeConfigType: 'object',
  MapConfigType: 'map',
  ArrayConfigType: 'list',
  EnumConfigType: 'choice',
};

/** What a field of a configuration takes: `list of text`, `one of a, b`. */
export function configTypeText({ configType: type }: Pick<OpConfigField, 'configType'>): string {
  switch (type.__typename) {
    case 'EnumConfigType':
      return `one of ${type.values.map(({ value }) => value).join(', ')}`;
    case 'ArrayConfigType':
      return `list of ${typeWord(type.ofType)}`;
    case 'NullableConfigType':
      return `${typeWord(type.ofType)} or null`;
    default:
      return typeWord(type);
  }
}
