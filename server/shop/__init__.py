"""The edge for buyers: the shelf, orders and payment, and the code page shown at the counter.

Every address begins with `/s/{shop}`, the short name of the merchant. A client without a browser
uses the same addresses with `Accept: application/json`: it fetches any page first, keeps its
cookies, and sends the value of the cookie `hexiao_csrf` back in the header `x-csrftoken` with every
POST. Bodies of POST requests are forms or JSON objects with the same fields.

    GET  /s/{shop}                         what is on the shelf
    GET  /s/{shop}/p/{number}              one product, with the stores where it can be used
    GET  /s/{shop}/d/{code}                a distributor's link: remembers who sent the buyer
    POST /s/{shop}/orders                  product, quantity, store (id, or empty): place an order
    GET  /s/{shop}/orders/{order}          an order; when it is paid, its vouchers
    POST {pay}                             pay at the sandbox; `pay` comes with the placed order
    GET  /s/{shop}/v/{voucher}             a code page, for the buyer who ordered it
    GET  /s/{shop}/c/{secret}[/{place}]    the same, for whoever has the order's link
    POST {code page}/store                 store: use the voucher there
    POST /s/{shop}/orders/{order}/refund   refund what is left
"""
