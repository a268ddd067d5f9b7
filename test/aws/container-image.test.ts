import { pickImage } from '../support/aws/emulator/container-engine/container-image';

const image = (program: string) => ({ command: [program], workingDirectory: '/' });

test('an image is found by the longest part of its name that is registered', () => {
  const images = { worker: image('any'), 'worker:2': image('second'), 'container-assets': image('asset') };
  const registry = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

  expect(pickImage(images, `${registry}/worker:1`)?.command).toEqual(['any']);
  expect(pickImage(images, `${registry}/worker:2`)?.command).toEqual(['second']);
  expect(pickImage(images, `${registry}/cdk-container-assets-1:abc`)?.command).toEqual(['asset']);
});

test('an image that is not registered is not found', () => {
  expect(pickImage({ worker: image('any') }, 'postgres:17')).toBeUndefined();
});
