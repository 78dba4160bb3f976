from tests.interned import intern
from tests.furnished import furnish
def save(name, text):
    with open("/dev/shm/p3/"+name, "wb") as f: f.write(text)
def test_smoke(app, world, client_of):
    furnish(app, world)
    olga = client_of("olga")
    for url in ("/pasantias/calendario","/pasantias/calendario?mes=2027-05&cohorte=1&pais=AR","/pasantias/calendario?mes=2030-01","/pasantias/resumen","/pasantias/resumen?cohorte=1","/cohortes/1/pasantias/1/viaje","/cohortes/1/pasantias"):
        r=olga.get(url); assert r.status_code==200,(url,r.text)
        save("p.html", r.data)
    for e in ("csv","xlsx","ods"):
        r=olga.get("/pasantias/resumen."+e); assert r.status_code==200
    print(olga.get("/pasantias/resumen.csv").text)
    print(olga.get("/pasantias/calendario").text)
