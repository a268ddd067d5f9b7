import type { Alert } from '../model/alert';

/** What goes out to people. */
export interface AlertMessage {
  /** The same for each delivery of the alert: at least one comes. */
  readonly id: string;
  /** One line. */
  readonly subject: string;
  /** The subject with what there is to know and to do. */
  readonly text: string;
  readonly alert: Alert;
}

/** Where alerts go: a bus that people subscribe to, or a terminal. */
export interface AlertPublisher {
  /** @throws {PortError} when it was not taken; it is published again later */
  publish(message: AlertMessage): Promise<void>;
}
