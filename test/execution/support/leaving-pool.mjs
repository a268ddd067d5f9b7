/** A pool that takes an attempt and leaves with 0, without a word on how the attempt ended. */
process.on('message', (message) => {
  if (message.type === 'run') process.exit(0);
});
