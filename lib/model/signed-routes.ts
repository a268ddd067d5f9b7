/**
 * Before the routes of a deployment's API that take requests signed with SigV4, by the role that whoever may call them
 * has there. IAM says who that is: each prefix is a resource of its own.
 */
export const SIGNED_ROUTES = { editor: '/iam', admin: '/iam-admin' } as const;

export type SignedRole = keyof typeof SIGNED_ROUTES;
