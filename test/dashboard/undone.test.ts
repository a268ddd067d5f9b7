import { ApiError } from '../../dashboard/src/graphql/api-error';
import { undone } from '../../dashboard/src/graphql/undone';

test.each([
  [new ApiError('refused', 'There is no pool.'), 'Nothing was launched'],
  [new ApiError('unauthorized', 'Not you.'), 'Nothing was launched'],
  [
    new ApiError('unreachable', 'The API does not answer.'),
    'Whether anything was launched is not known: look before you try again',
  ],
  [
    new ApiError('unavailable', 'The API failed (504).'),
    'Whether anything was launched is not known: look before you try again',
  ],
])('a change that failed says what it left behind: %s', (error, words) => {
  expect(undone(error, 'launched')).toBe(words);
});
