/** What to do about AWS's commonest errors. */
export function awsRemedy(code: string): string {
  if (/Credentials|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|TokenRefresh/.test(code)) {
    return 'Sign in to AWS (aws sso login, AWS_PROFILE or AWS_ACCESS_KEY_ID), then try again.';
  }
  if (/AccessDenied|Forbidden|403|UnauthorizedOperation/.test(code)) {
    return 'Ask for the permission that it names, or take another role by AWS_PROFILE; docs/operations.md lists what each command needs.';
  }
  if (/NotFound|NoSuchBucket|404|ValidationError|QueueDoesNotExist/.test(code)) {
    return 'Check name, region and account; headrace profile add reads the names from the deployment again.';
  }
  return 'Try again; if it stays, look at the status of the service in the AWS console.';
}
