"""What each reason says to a clerk in Chinese, and what the facts are called."""

from pos_app.ui.text_keys import ReasonText
from shared.reasons import FactName, Reason

CHINESE_REASONS: dict[Reason, ReasonText] = {
    Reason.accepted: ReasonText("核销成功", "本次核销已记录。", "请交付商品或服务。"),
    Reason.accepted_offline: ReasonText(
        "离线受理，待确认", "网络不通，已按离线规则受理，联网后自动确认。", "请交付商品或服务。"
    ),
    Reason.unknown: ReasonText(
        "查无此券", "券码格式正确，但没有这张券。", "请核对券码，重新扫码或手动输入。"
    ),
    Reason.bad_format: ReasonText(
        "码不完整", "读到的内容不是完整的券码。", "请重新扫码，或按 F2 输入 12 位券码。"
    ),
    Reason.already_redeemed: ReasonText(
        "已核销过", "这张券此前已经使用。", "请将以上核销记录告知顾客。"
    ),
    Reason.just_redeemed_here: ReasonText(
        "刚刚已核销", "本机刚刚核销过这张券，没有重复核销。", "无需再次操作。"
    ),
    Reason.exhausted: ReasonText("次数已用完", "这张券的剩余次数不够。", "请将使用记录告知顾客。"),
    Reason.wrong_store: ReasonText(
        "本店不可用", "这张券不适用于本门店。", "请告知顾客可用的门店。"
    ),
    Reason.not_yet_valid: ReasonText(
        "未到使用时间", "这张券还没有生效。", "请顾客在有效期内再来。"
    ),
    Reason.expired: ReasonText(
        "已过期", "这张券已超过有效期。", "请顾客在订单页查看退款，或联系客服。"
    ),
    Reason.blackout: ReasonText(
        "当前时段不可用", "按商品规则，这个时段不能使用。", "请告知顾客可用的时段。"
    ),
    Reason.refunded: ReasonText(
        "已退款", "这张券的款项已退还顾客。", "不可核销，请顾客查看退款记录。"
    ),
    Reason.refunding: ReasonText(
        "退款处理中", "顾客已申请退款，这张券暂停使用。", "不可核销，请顾客查看退款进度。"
    ),
    Reason.frozen: ReasonText("已冻结", "这张券已被总部冻结。", "请联系总部处理。"),
    Reason.unpaid: ReasonText("未支付", "对应的订单还没有付款。", "请顾客完成支付后再扫码。"),
    Reason.product_not_here: ReasonText(
        "本机不可核销该商品", "这台终端不受理这类商品。", "请换一台终端核销。"
    ),
    Reason.ambiguous: ReasonText("匹配到多张券", "这个码对应多张可用的券。", "请选择要核销的券。"),
    Reason.signature_invalid: ReasonText(
        "验签失败", "这个二维码不是本店可验证的凭证。", "请顾客刷新券码页，或输入 12 位券码。"
    ),
    Reason.signature_expired: ReasonText(
        "动态码已过期", "二维码已超过有效时间，可能是截图。", "请顾客刷新券码页后再扫。"
    ),
    Reason.offline_forbidden: ReasonText(
        "离线时不可核销该券", "网络不通，这张券必须联网核验。", "请恢复网络后重试。"
    ),
    Reason.offline_limit: ReasonText(
        "已达离线上限", "离线受理的笔数、金额或时长已用完。", "请恢复网络，再按 F5 立即同步。"
    ),
    Reason.clock_skew: ReasonText(
        "本机时间异常", "本机时间不可信，无法判断有效期。", "请恢复网络或校准系统时间后重试。"
    ),
    Reason.device_revoked: ReasonText(
        "设备已停用", "总部已停用这台终端。", "请联系总部，重新配对后使用。"
    ),
    Reason.no_permission: ReasonText(
        "无核销权限", "当前收银员没有核销权限。", "请换人操作，或由店长授权。"
    ),
    Reason.outcome_unknown: ReasonText(
        "结果未知，核对中", "服务器尚未答复，正在核对这一笔。", "请稍候，不要重复核销。"
    ),
    Reason.internal: ReasonText(
        "系统错误", "程序出现故障，本次操作没有完成。", "请记下错误编号，联系技术支持。"
    ),
    Reason.held_elsewhere: ReasonText(
        "券已绑定其他门店", "顾客已选择在另一家门店使用。", "请致电该门店，或请顾客改选本店后稍候。"
    ),
    Reason.held_here_other_till: ReasonText(
        "券在本店另一终端",
        "本店另一台终端持有这张券，但没有应答。",
        "请到那台终端核销，或检查它是否联网。",
    ),
    Reason.out_of_stock: ReasonText(
        "商品已无库存", "这件商品的总库存已用完。", "请告知顾客，并联系总部补货。"
    ),
    Reason.quota_used: ReasonText(
        "本店配额已用完", "本店可核销的数量已用完。", "请顾客到其他门店，或联系总部加配额。"
    ),
    Reason.store_closed: ReasonText(
        "本店休息中", "本店已被设置为暂停营业。", "请店长恢复营业后再核销。"
    ),
    Reason.booking_required: ReasonText(
        "需要先预约", "这件商品须预约，当前时段没有预约。", "请顾客预约后按时到店。"
    ),
    Reason.order_cancelled: ReasonText("订单已取消", "订单在付款前已取消。", "请顾客重新下单。"),
    Reason.in_after_sale: ReasonText(
        "售后处理中", "这笔订单的售后申请还没有结束。", "请等售后处理完再核销。"
    ),
    Reason.awaiting_release: ReasonText(
        "券正在交还", "这张券正从终端交还服务器。", "请稍等片刻再扫。"
    ),
    Reason.quarantined: ReasonText(
        "本机已隔离", "本机数据被回退过，为防止重复核销已停用。", "请联系总部，重新配对本机。"
    ),
    Reason.lease_over: ReasonText(
        "离线时间过长", "本机太久没有联系服务器，暂停核销。", "请恢复网络，联网后自动恢复。"
    ),
    Reason.practice: ReasonText(
        "练习模式", "这是练习，没有核销任何券。", "退出练习模式后再为顾客核销。"
    ),
}

CHINESE_FACTS: dict[FactName, str] = {
    FactName.product: "商品",
    FactName.last_four: "券码尾号",
    FactName.received: "收到的内容",
    FactName.received_length: "长度",
    FactName.happened_at: "发生时间",
    FactName.store: "门店",
    FactName.till: "终端",
    FactName.clerk: "收银员",
    FactName.uses_left: "剩余次数",
    FactName.uses_total: "总次数",
    FactName.uses_taken: "本次核销",
    FactName.value_fen: "金额",
    FactName.valid_from: "生效时间",
    FactName.valid_until: "有效期至",
    FactName.usable_stores: "可用门店",
    FactName.order_number: "订单号",
    FactName.last_contact: "最后联系",
    FactName.seconds_ago: "多久之前",
    FactName.error_id: "错误编号",
}
