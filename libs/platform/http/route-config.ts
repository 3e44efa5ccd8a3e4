import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Adds to the configuration of a route, which hooks read. Nest's own `RouteConfig` would replace it instead. */
export const routeConfig =
  (config: FastifyContextConfig): MethodDecorator =>
  (_target, _name, { value: handler }) => {
    const before = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler as object) as object | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...before, ...config }, handler as object);
  };
