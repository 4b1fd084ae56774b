# Reads a pain.001.001.09 message as a bank's program would, with Python's xml.etree and exact decimals, and adds it up anew.
import json
import sys
from decimal import Decimal
from xml.etree import ElementTree

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def text(node, path):
    found = node.find(path, NS)
    return None if found is None else found.text


def told(node):
    """Count and control sum as the message has them, and as its payments come to."""
    amounts = [Decimal(one.text) for one in node.iterfind(".//p:CdtTrfTxInf/p:Amt/p:InstdAmt", NS)]
    return {
        "count": int(text(node, "p:NbOfTxs") or text(node, "p:GrpHdr/p:NbOfTxs")),
        "counted": len(amounts),
        "isSumRight": Decimal(text(node, "p:CtrlSum") or text(node, "p:GrpHdr/p:CtrlSum")) == sum(amounts),
    }


def payment(node):
    amount = node.find("p:Amt/p:InstdAmt", NS)
    return {
        "id": text(node, "p:PmtId/p:EndToEndId"),
        "currency": amount.get("Ccy"),
        "amount": amount.text,
        "name": text(node, "p:Cdtr/p:Nm"),
        "account": text(node, "p:CdtrAcct/p:Id/p:IBAN") or text(node, "p:CdtrAcct/p:Id/p:Othr/p:Id"),
        "bank": text(node, "p:CdtrAgt/p:FinInstnId/p:BICFI") or text(node, "p:CdtrAgt/p:FinInstnId/p:ClrSysMmbId/p:MmbId"),
    }


message = ElementTree.fromstring(sys.stdin.buffer.read()).find("p:CstmrCdtTrfInitn", NS)
blocks = message.findall("p:PmtInf", NS)
print(
    json.dumps(
        {
            "message": told(message),
            "blocks": [
                {**told(one), "level": text(one, "p:PmtTpInf/p:SvcLvl/p:Cd"), "charges": text(one, "p:ChrgBr")}
                for one in blocks
            ],
            "payments": [payment(one) for one in message.iterfind(".//p:CdtTrfTxInf", NS)],
        }
    )
)
