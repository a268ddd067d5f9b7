import { serviceHost } from '../../../lib/adapters/aws/service-host';

test.each([
  ['sts', 'eu-central-1', 'sts.eu-central-1.amazonaws.com'],
  ['servicequotas', 'us-gov-west-1', 'servicequotas.us-gov-west-1.amazonaws.com'],
  ['rds-data', 'cn-northwest-1', 'rds-data.cn-northwest-1.amazonaws.com.cn'],
  ['sts', 'us-iso-east-1', 'sts.us-iso-east-1.c2s.ic.gov'],
  ['sts', 'eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
  ['sts', 'eu-somewhere-9', 'sts.eu-somewhere-9.amazonaws.com'],
])('%s answers in %s at %s', (service, region, host) => {
  expect(serviceHost(service, region)).toBe(host);
});
