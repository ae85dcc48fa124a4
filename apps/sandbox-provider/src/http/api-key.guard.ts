import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpException, Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SANDBOX_OPTIONS } from '../options.js';
import type { SandboxProviderOptions } from '../options.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in callers that carry the merchant's key. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly wanted: Buffer;

  constructor(@Inject(SANDBOX_OPTIONS) options: SandboxProviderOptions) {
    this.wanted = digest(`Bearer ${options.apiKey}`);
  }

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    if (timingSafeEqual(digest(authorization ?? ''), this.wanted)) return true;
    const message = 'Send the API key as a bearer token.';
    throw new HttpException({ code: 'unauthorized', kind: 'unavailable', message }, 401);
  }
}
