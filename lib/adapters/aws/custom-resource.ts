/** What CDK's provider framework hands to a custom resource's `onEvent` handler. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Absent at Create. */
  readonly PhysicalResourceId?: string;
  /** Texts, as CloudFormation has no other values. */
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** What the handler answers; another id at Update makes CloudFormation delete the resource of the former. */
export interface CustomResourceAnswer {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}
