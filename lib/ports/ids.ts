/** Identifiers and randomness, so that everything can be replayed. */
export interface Ids {
  /** A new UUID. */
  uuid(): string;
  /** 256 random bits in hex: an attempt's token. */
  secret(): string;
  /** Uniform in [0, 1): jitter. */
  random(): number;
}
