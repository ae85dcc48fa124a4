import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Answer } from '../merchant/desk.js';
import { Faults } from '../merchant/faults.js';

const holdMs = 90_000;

const serverError: Answer = { status: 500, body: JSON.stringify({ message: 'a fault that was asked for' }) };

/** Stands between the desk and the merchant, and spoils replies as the fault knobs say. */
@Injectable()
export class FaultGate implements BeforeApplicationShutdown {
  private readonly held = new Set<ServerResponse>();

  constructor(private readonly faults: Faults) {}

  /** Answers a call that changes something. A lost reply is lost after the change was made durable: that is the point of it. */
  async change(reply: FastifyReply, act: () => Answer): Promise<void> {
    if (this.faults.strikes('error500BeforeCharge')) return this.read(reply, () => serverError);
    const answer = act();
    if (this.faults.strikes('timeoutAfterCharge')) {
      this.hold(reply);
      return;
    }
    const isSpoiled = this.faults.strikes('error500AfterCharge');
    return this.read(reply, () => (isSpoiled ? serverError : answer));
  }

  /** Answers a call that only reads. */
  async read(reply: FastifyReply, act: () => Answer): Promise<void> {
    const { slowMs } = this.faults.knobs;
    if (slowMs > 0) await delay(slowMs);
    const { status, body } = act();
    await reply.status(status).type('application/json; charset=utf-8').send(body);
  }

  beforeApplicationShutdown(): void {
    for (const response of this.held) response.destroy();
  }

  private hold(reply: FastifyReply): void {
    reply.hijack();
    const response = reply.raw;
    this.held.add(response);
    const timer = setTimeout(() => response.destroy(), holdMs);
    response.on('close', () => {
      clearTimeout(timer);
      this.held.delete(response);
    });
  }
}
