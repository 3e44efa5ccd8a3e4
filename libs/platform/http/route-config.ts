import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Tells the hooks something about a route, in addition to what others told: of Nest's `RouteConfig` only one would count. */
export const routeConfig =
  (config: FastifyContextConfig): MethodDecorator =>
  (_target, _name, { value: handler }) => {
    const before = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler as object) as object | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...before, ...config }, handler as object);
  };
