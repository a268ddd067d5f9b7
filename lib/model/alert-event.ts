/** How alerts appear on EventBridge's default bus: `detail` is an `AlertMessage`'s fields and the instance's name. */
export const ALERT_EVENT = { source: 'headrace', detailType: 'Headrace Alert' } as const;
