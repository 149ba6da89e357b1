/**
 * Which column is which, by heading. A heading is compared without case, accents, spaces and marks; the person sees the
 * guess over the preview and may change it (`mapping`: field → heading).
 */
export type Fields = Record<string, readonly string[]>;

/** field → column index */
export type Columns<F extends Fields> = Partial<Record<keyof F & string, number>>;

// prettier-ignore
export const SALES_FIELDS = {
  orderId: ['sale', 'order', 'orderid', 'ordernumber', 'orderno', 'transactionid', 'receipt', 'receiptnumber', 'bestellung', 'bestellnummer', 'commande', 'pedido', 'encomenda', 'ordine', '注文番号', 'رقمالطلب'],
  at: ['atutc', 'at', 'date', 'datetime', 'time', 'createdat', 'orderdate', 'paidat', 'soldat', 'datum', 'fecha', 'data', '日時', 'التاريخ'],
  sku: ['sku', 'lineitemsku', 'itemsku', 'productsku', 'code', 'itemcode', 'artikelnummer', 'artnr', 'reference', 'referencia', 'codice', '商品コード', 'رمزالمنتج'],
  name: ['item', 'itemname', 'lineitemname', 'product', 'productname', 'title', 'description', 'name', 'artikel', 'produit', 'producto', 'produto', 'prodotto', '商品名', 'المنتج'],
  quantity: ['quantity', 'qty', 'lineitemquantity', 'units', 'count', 'menge', 'anzahl', 'quantite', 'cantidad', 'quantidade', 'quantita', '数量', 'الكمية'],
  unitPrice: ['unitprice', 'price', 'lineitemprice', 'itemprice', 'preis', 'einzelpreis', 'prix', 'prixunitaire', 'precio', 'preco', 'prezzo', '単価', '価格', 'السعر'],
  discount: ['discount', 'lineitemdiscount', 'discountamount', 'rabatt', 'remise', 'descuento', 'desconto', 'sconto', '割引', 'الخصم'],
  total: ['total', 'amount', 'refunded', 'refundamount', 'betrag', 'montant', 'importe', 'valor', 'importo', '金額', 'المبلغ'],
  refundedUnits: ['refundedunits'],
  channel: ['channel', 'saleschannel', 'kanal', 'canal', 'canale', 'チャネル', 'القناة'],
  tender: ['tender', 'paymentmethod', 'payment', 'tenders', 'zahlungsart', 'paiement', 'pago', 'pagamento', '支払方法', 'الدفع'],
  creatorCode: ['creatorcode', 'discountcode', 'coupon', 'code', 'promocode', 'gutschein', 'codepromo', 'cupon', 'cupom'],
  tip: ['tip', 'tips', 'trinkgeld', 'pourboire', 'propina', 'gorjeta', 'mancia'],
} as const satisfies Fields;

// prettier-ignore
export const PRODUCT_FIELDS = {
  sku: ['sku', 'code', 'itemcode', 'artikelnummer', 'artnr', 'reference', 'ref', 'referencia', 'codigo', 'codice', '商品コード', 'رمزالمنتج'],
  name: ['name', 'product', 'productname', 'title', 'item', 'artikel', 'bezeichnung', 'produkt', 'nom', 'produit', 'nombre', 'producto', 'nome', 'produto', 'prodotto', '商品名', '名前', 'الاسم', 'المنتج'],
  price: ['price', 'unitprice', 'preis', 'prix', 'precio', 'preco', 'prezzo', '価格', '単価', 'السعر'],
  reserve: ['reserve', 'stock', 'quantity', 'qty', 'bestand', 'menge', 'vorrat', 'quantite', 'existencias', 'cantidad', 'estoque', 'quantidade', 'scorta', 'quantita', '在庫', '数量', 'المخزون', 'الكمية'],
  lowAt: ['lowat', 'low', 'lowstock', 'reorderat', 'mindestbestand', 'seuil', 'minimo', 'soglia', '最低在庫', 'الحدالأدنى'],
  flags: ['flags', 'tags', 'labels', 'merkmale', 'etiquettes', 'etiquetas', 'etichette', 'タグ', 'وسوم'],
  taxRate: ['taxrate', 'tax', 'vat', 'vatrate', 'mwst', 'ust', 'tva', 'iva', '税率', 'الضريبة'],
  barcode: ['barcode', 'ean', 'gtin', 'upc', 'strichcode', 'codebarres', 'codigodebarras', 'codiceabarre', 'バーコード', 'الباركود'],
  cost: ['cost', 'unitcost', 'kosten', 'cout', 'coste', 'custo', 'costo', '原価', 'التكلفة'],
} as const satisfies Fields;

// prettier-ignore
export const CUE_FIELDS = {
  id: ['id', 'cue', 'cueid'],
  title: ['title', 'name', 'cuetitle', 'titel', 'titre', 'titulo', 'titolo', 'タイトル', 'العنوان'],
  kind: ['kind', 'type', 'art', 'typ', 'tipo', '種類', 'النوع'],
  rule: ['rule', 'start rule', 'startrule'],
  at: ['at', 'start', 'startat', 'time', 'starttime', 'beginn', 'uhrzeit', 'debut', 'heure', 'inicio', 'hora', 'inizio', 'ora', '開始', 'البدء'],
  duration: ['duration', 'length', 'durationms', 'dauer', 'duree', 'duracion', 'duracao', 'durata', '長さ', 'المدة'],
  owners: ['owners', 'owner', 'who', 'host', 'person', 'wer', 'qui', 'quien', 'quem', 'chi', '担当', 'من'],
  sku: ['sku', 'product', 'artikelnummer', 'reference'],
  offer: ['offer', 'angebot', 'offre', 'oferta', 'offerta'],
  points: ['points', 'talkingpoints', 'notes', 'stichpunkte', 'notizen', 'points cles', 'puntos', 'pontos', 'punti', 'メモ', 'النقاط'],
  priceNote: ['pricenote', 'preisnotiz'],
  script: ['script', 'text', 'skript', 'guion', 'roteiro', 'copione'],
  group: ['group', 'gruppe', 'groupe', 'grupo', 'gruppo'],
} as const satisfies Fields;

// prettier-ignore
export const SIGNUP_FIELDS = {
  id: ['id', 'signup', 'signupid', 'rsvpid'],
  email: ['email', 'emailaddress', 'mail', 'courriel', 'correo', 'メール', 'البريدالإلكتروني'],
  name: ['name', 'fullname', 'nom', 'nombre', 'nome', '名前', 'الاسم'],
  phone: ['phone', 'mobile', 'telefon', 'telephone', 'telefono', 'telefone', '電話', 'الهاتف'],
  kind: ['kind', 'type', 'art'],
  channel: ['channel', 'kanal', 'canal', 'canale'],
  at: ['at', 'date', 'signedupat', 'createdat', 'datum', 'fecha', 'data'],
  perk: ['perk', 'gift', 'reward'],
  source: ['source', 'origin', 'herkunft', 'origine', 'origen', 'origem'],
  consentText: ['consenttext', 'consentstatement', 'optintext'],
  consent: ['consent', 'optin', 'einwilligung', 'consentement', 'consentimiento', 'consentimento', 'consenso'],
} as const satisfies Fields;

/**
 * @param mapping field → heading, as the person chose; wins over the guess. An empty heading means: no such column
 */
export function columnsOf<F extends Fields>(
  headings: readonly string[],
  fields: F,
  mapping: Record<string, string> | undefined,
): Columns<F> {
  const folded = headings.map(foldHeading);
  const chosen = new Map(Object.entries(mapping ?? {}));
  const columns: Partial<Record<string, number>> = {};
  const taken = new Set<number>();
  for (const [field, heading] of chosen) {
    const index = Object.hasOwn(fields, field) ? headings.indexOf(heading) : -1;
    if (index >= 0) taken.add((columns[field] = index));
  }
  for (const [field, words] of Object.entries(fields)) {
    if (chosen.has(field)) continue;
    const index = words
      .map((word) => folded.findIndex((heading, i) => heading === foldHeading(word) && !taken.has(i)))
      .find((found) => found >= 0);
    if (index !== undefined) taken.add((columns[field] = index));
  }
  return columns as Columns<F>;
}

/** The same columns in words, for the preview: field → heading. */
export function mappingOf(
  columns: Partial<Record<string, number>>,
  headings: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([field, index]) => (index === undefined ? [] : [[field, headings[index] ?? '']])),
  );
}

export function foldHeading(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
