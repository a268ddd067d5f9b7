/** `headrace/infra`: the deployment as CDK constructs, for an app of your own. */
export { CodeLocation } from './code-location';
export type { DashboardDomain } from './dashboard';
export { DataStack, type DataStackProps } from './data-stack';
export type { DatabaseProps } from './database';
export { Headrace, type HeadraceProps } from './headrace';
export type { OidcIssuer } from './identity-provider';
export type { NetworkProps } from './network';
export type { ObjectStorageProps } from './object-storage';
export { type ProjectFiles, readProject } from './read-project';
export { HeadracePropsError } from './validate-headrace-props';
