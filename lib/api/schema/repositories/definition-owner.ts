import { builder, byTypename, type Tagged, tag } from '../../builder';

const UserDefinitionOwner =
  builder.objectRef<Tagged<'UserDefinitionOwner', { email: string }>>('UserDefinitionOwner');
UserDefinitionOwner.implement({ fields: (t) => ({ email: t.exposeString('email') }) });
const TeamDefinitionOwner =
  builder.objectRef<Tagged<'TeamDefinitionOwner', { team: string }>>('TeamDefinitionOwner');
TeamDefinitionOwner.implement({ fields: (t) => ({ team: t.exposeString('team') }) });

/** Who answers for a job, a schedule or a sensor. */
export const DefinitionOwner = builder.unionType('DefinitionOwner', {
  types: [UserDefinitionOwner, TeamDefinitionOwner],
  resolveType: byTypename,
});

const TEAM = 'team:';

/** `team:data`, or somebody's address. */
export const definitionOwner = (owner: string) =>
  owner.startsWith(TEAM)
    ? tag('TeamDefinitionOwner', { team: owner.slice(TEAM.length) })
    : tag('UserDefinitionOwner', { email: owner });
