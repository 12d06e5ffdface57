"""The design that todoql grew from: FastAPI, SQLModel, python-jose, passlib, over REST."""

import os
from datetime import datetime, timedelta
from typing import Optional
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt
from passlib.context import CryptContext
from sqlmodel import Session as Database, create_engine, select

from models import Credentials, NewTask, PageInfo, Priority, Session, Task, TaskPage, TaskRead, User, now, present

SECRET = os.environ["JWT_SECRET"]
LIFETIME = timedelta(days=7)

# A request holds its connection until a thread is free to give it back, so fewer connections than requests deadlock.
engine = create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=60)
passwords = CryptContext(schemes=["bcrypt"], deprecated="auto")
bearer = OAuth2PasswordBearer(tokenUrl="login")
app = FastAPI()


def database():
    with Database(engine) as db:
        yield db


def current_user(token: str = Depends(bearer), db: Database = Depends(database)) -> User:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer="todoql", audience="todoql")
    except JWTError as error:
        raise HTTPException(401) from error
    query = (
        select(User)
        .join(Session, Session.user_id == User.id)
        .where(Session.user_id == claims["sub"], Session.id == claims["sid"], Session.expires_at > now())
    )
    user = db.exec(query).first()
    if user is None:
        raise HTTPException(401)
    return user


@app.get("/tasks", response_model=TaskPage)
def read_tasks(first: int = 50, user: User = Depends(current_user), db: Database = Depends(database)):
    query = (
        select(Task)
        .where(Task.user_id == user.id, Task.deleted_at == None)  # noqa: E711
        .order_by(Task.created_at.desc(), Task.id.desc())
        .limit(first + 1)
    )
    tasks = db.exec(query).all()
    nodes = tasks[:first]
    cursor = str(nodes[-1].id) if nodes else None
    return TaskPage(
        nodes=[present(task) for task in nodes],
        pageInfo=PageInfo(hasNextPage=len(tasks) > first, endCursor=cursor),
    )


def find_task(db: Database, user: User, id: UUID) -> Task:
    task = db.exec(select(Task).where(Task.user_id == user.id, Task.id == id)).first()
    if task is None:
        raise HTTPException(404)
    return task


@app.get("/tasks/{id}", response_model=TaskRead)
def read_task(id: UUID, user: User = Depends(current_user), db: Database = Depends(database)):
    return present(find_task(db, user, id))


@app.post("/tasks", response_model=TaskRead)
def create_task(input: NewTask, user: User = Depends(current_user), db: Database = Depends(database)):
    task = Task(user_id=user.id, title=input.title, description=input.description, priority=Priority[input.priority])
    return store(db, task)


@app.post("/tasks/{id}/complete", response_model=TaskRead)
def complete_task(id: UUID, user: User = Depends(current_user), db: Database = Depends(database)):
    return set_completed(db, find_task(db, user, id), now())


@app.post("/tasks/{id}/reopen", response_model=TaskRead)
def reopen_task(id: UUID, user: User = Depends(current_user), db: Database = Depends(database)):
    return set_completed(db, find_task(db, user, id), None)


def set_completed(db: Database, task: Task, completed_at: Optional[datetime]) -> TaskRead:
    task.completed_at = completed_at
    task.version += 1
    task.updated_at = now()
    return store(db, task)


def store(db: Database, task: Task) -> TaskRead:
    db.add(task)
    db.commit()
    db.refresh(task)
    return present(task)


@app.post("/login")
def log_in(input: Credentials, db: Database = Depends(database)):
    user = db.exec(select(User).where(User.email == input.email)).first()
    if user is None or not passwords.verify(input.password, user.password_hash):
        raise HTTPException(401)
    session = Session(user_id=user.id, expires_at=now() + LIFETIME)
    claims = {
        "sub": str(user.id),
        "email": user.email,
        "sid": str(session.id),
        "iat": now(),
        "exp": session.expires_at,
        "iss": "todoql",
        "aud": "todoql",
    }
    user_read = {"id": user.id, "email": user.email}
    db.add(session)
    db.commit()
    return {"accessToken": jwt.encode(claims, SECRET, algorithm="HS256"), "user": user_read}


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ["HOST"], port=int(os.environ["PORT"]), access_log=False, log_level="warning")
