from lxml import html
from tests.fixtures import app, client_of, compiled, world
from tests.browser.test_every_page import full, rows_of, MORE
from tests.web.test_doors import PEOPLE
def test_probe(app, client_of, full):
    seen=set()
    for who in ["nobody","ana","ivan","olga","coral"]:
        c=client_of(who)
        for ep,url in [*rows_of(who), *(("",u) for u in MORE.get(who,[]))]:
            r=c.get(url.replace("EDITION",full.edition))
            if r.mimetype!="text/html" or r.status_code!=200: print("GET",who,url,r.status_code); continue
            d=html.document_fromstring(r.get_data(as_text=True))
            for i,f in enumerate(d.xpath("//main//form[@method='post']")):
                act=f.get("action") or url
                fields=[(e.get("name"),e.get("type") or e.tag) for e in f.xpath(".//input|.//textarea|.//select") if e.get("name") and e.get("type")!="hidden"]
                if (act,tuple(fields)) in seen or not fields: continue
                seen.add((act,tuple(fields)))
                data={n:"" for n,t in fields if t not in("file","radio","checkbox")}
                data|={e.get("name"):e.get("value") or "" for e in f.xpath(".//input[@type='hidden']")}
                data.pop("csrf_token",None)
                try: p=c.send(act,data)
                except Exception as e: print(who,url,i,"EXC",repr(e)[:100]); continue
                print(who,ep,url,i,act,p.status_code,[n for n,t in fields][:6])
