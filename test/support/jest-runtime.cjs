const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

/**
 * Loaded by Node itself and once per worker, instead of by jest for each suite anew: together so many files that a
 * suite spent nine seconds on them. They keep no state that a suite could leave behind.
 */
const NATIVE = /(?:^|\/node_modules\/)(?:aws-cdk-lib|constructs|cdk-nag)(?:\/|$)/;

module.exports = class Runtime extends JestRuntime {
  requireModule(from, moduleName, ...options) {
    if (moduleName !== undefined && NATIVE.test(moduleName)) return createRequire(from)(moduleName);
    return super.requireModule(from, moduleName, ...options);
  }
};
