/** Ingestion: what is loaded from APIs and files into the warehouse's schema RAW. */
import { define } from 'headrace';
import * as assets from './assets';
import * as jobs from './jobs';
import * as schedules from './schedule';
import * as sensors from './sensors';

export const definitions = define({ assets, jobs, schedules, sensors });
