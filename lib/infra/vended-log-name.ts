/**
 * Name of a log that a service of AWS delivers itself, without a role of ours. Such services list each log in one
 * policy of the region that holds 5,120 characters, and so fail a deployment in an account that has many; names with
 * this prefix are let in together.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 */
export const vendedLogName = (name: string): string => `/aws/vendedlogs/${name}`;
