// Gives a program that asks for axios the one before 1.0.

const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolve(request === 'axios' ? 'axios-0' : request, ...rest);
