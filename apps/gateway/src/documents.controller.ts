import { ReadPdfs } from '@billfleet/billing';
import type { Caller } from '@billfleet/billing';
import { documentQuery, pdfQuery, uuid } from '@billfleet/contracts';
import type { DocumentQuery, PdfQuery } from '@billfleet/contracts';
import { documentLanguageOf } from '@billfleet/outbound';
import type { Clock } from '@billfleet/platform';
import { documentPdfs, documents, orders, Store, tenants } from '@billfleet/store';
import type { DocumentSeen, DrawnPdf, Queryable } from '@billfleet/store';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkTenant, Does, Needs, notFound, TheCaller } from './api-key.guard.js';
import { schemaOf } from './openapi.js';
import { ProblemException } from './problem.js';
import { documentPage, documentView, documentWithContentView } from './views-documents.js';

type Shown = Omit<DocumentSeen, 'content' | 'previousHash' | 'seller' | 'year' | 'mode' | 'seq'> & {
  readonly isTest: boolean;
  readonly pdf: string;
};

const PDF = 'application/pdf';
const DOCUMENTS_OF_ORDER_MAX = 200;

/** Invoices and credit notes of workspaces, as data and on paper. */
@Controller('v1')
@ApiTags('Documents')
@ApiBearerAuth()
@Needs('read')
@Does('see-invoices')
export class DocumentsController {
  constructor(
    private readonly pdfs: ReadPdfs,
    @Inject(Store) private readonly store: Queryable,
    @Inject('clock') private readonly clock: Clock,
  ) {}

  @Get('workspaces/:id/documents')
  @ApiOperation({ operationId: 'listDocuments', summary: 'Invoices and credit notes of a workspace, newest first.' })
  @ApiOkResponse({ schema: schemaOf(documentPage) })
  async list(
    @Param('id', { schema: uuid }) workspaceId: string,
    @Query({ schema: documentQuery }) { kind, before, limit }: DocumentQuery,
    @TheCaller() caller: Caller,
  ): Promise<{ readonly documents: readonly Shown[]; readonly next: string | null }> {
    checkTenant(caller, workspaceId, 'id');
    const found = await documents.listDocuments(this.store, { workspaceId, kind, beforeId: before, limit });
    const last = found.length < limit ? undefined : found.at(-1);
    return { documents: found.map(shown), next: last?.id ?? null };
  }

  @Get('orders/:id/documents')
  @ApiOperation({ operationId: 'listOrderDocuments', summary: 'The invoice of an order, and its credit notes.' })
  @ApiOkResponse({ schema: schemaOf(documentView.array()) })
  async ofOrder(
    @Param('id', { schema: uuid }) orderId: string,
    @TheCaller() caller: Caller,
  ): Promise<readonly Shown[]> {
    await this.workspaceOf(orderId, caller);
    return (await documents.listDocuments(this.store, { orderId, limit: DOCUMENTS_OF_ORDER_MAX })).map(shown);
  }

  @Get('documents/:id')
  @ApiOperation({ operationId: 'getDocument', summary: 'An invoice or a credit note with all that it says.' })
  @ApiOkResponse({ schema: schemaOf(documentWithContentView) })
  async get(@Param('id', { schema: uuid }) id: string, @TheCaller() caller: Caller): Promise<Record<string, unknown>> {
    const found = await this.find(id, caller);
    const content = JSON.parse(found.content) as Record<string, unknown>;
    return { ...shown(found), previousHash: found.previousHash, content };
  }

  @Get('documents/:id/pdf')
  @ApiOperation({ operationId: 'getDocumentPdf', summary: 'An invoice or a credit note as PDF.' })
  @ApiProduces(PDF)
  async pdf(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: pdfQuery }) { language }: PdfQuery,
    @TheCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { number, workspaceId } = await this.find(id, caller);
    const wanted = language ?? (await this.languageOf(workspaceId));
    sendPdf(request, reply, `${number}.pdf`, await this.pdfs.read({ documentId: id }, wanted));
  }

  @Get('orders/:id/payment-request')
  @ApiOperation({
    operationId: 'getPaymentRequest',
    summary: 'A PDF that asks for the payment of an unpaid order by its Pix code. It is no invoice.',
  })
  @ApiProduces(PDF)
  async paymentRequest(
    @Param('id', { schema: uuid }) orderId: string,
    @Query({ schema: pdfQuery }) { language }: PdfQuery,
    @TheCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const workspaceId = await this.workspaceOf(orderId, caller);
    const code = await documentPdfs.openPixCode(this.store, orderId, this.clock.now());
    if (code === undefined) {
      const wanted = 'an unpaid order with a Pix code whose time is not over';
      throw new ProblemException(409, [
        { code: 'order_not_payable', field: 'id', found: 'no Pix code by which it can be paid', wanted },
      ]);
    }
    const wanted = language ?? (await this.languageOf(workspaceId));
    const drawn = await this.pdfs.read({ attemptId: code.attemptId }, wanted);
    sendPdf(request, reply, `payment-request-${orderId}.pdf`, drawn);
  }

  private async find(id: string, caller: Caller): Promise<DocumentSeen> {
    const found = await documents.findDocument(this.store, id);
    if (found === undefined) throw notFound('id', id);
    checkTenant(caller, found.workspaceId, 'id');
    return found;
  }

  private async workspaceOf(orderId: string, caller: Caller): Promise<string> {
    const workspaceId = await orders.workspaceOf(this.store, orderId);
    if (workspaceId === undefined) throw notFound('id', orderId);
    checkTenant(caller, workspaceId, 'id');
    return workspaceId;
  }

  private async languageOf(workspaceId: string): Promise<string> {
    const found = await tenants.findWorkspaces(this.store, [workspaceId]);
    return documentLanguageOf(found.get(workspaceId)?.locale ?? 'en');
  }
}

function shown({ content: _c, previousHash: _p, seller: _s, year: _y, seq: _q, mode, ...row }: DocumentSeen): Shown {
  return { ...row, isTest: mode === 'test', pdf: `/v1/documents/${row.id}/pdf` };
}

/** Whoever has it already is told so; he is asked who he is each time all the same. */
function sendPdf(request: FastifyRequest, reply: FastifyReply, fileName: string, drawn: DrawnPdf | undefined): void {
  if (drawn === undefined) {
    void reply.header('retry-after', '2');
    throw new ProblemException(503, [
      {
        code: 'pdf_not_drawn_yet',
        field: 'path',
        found: 'a PDF that is still being drawn',
        wanted: 'the same request again',
      },
    ]);
  }
  const tag = `"${drawn.hash}"`;
  void reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match'] === tag) {
    void reply.code(304).send();
    return;
  }
  void reply
    .header('content-type', PDF)
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('x-content-type-options', 'nosniff')
    .send(Buffer.from(drawn.pdf));
}
