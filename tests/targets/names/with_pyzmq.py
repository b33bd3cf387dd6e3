"""An exception that passes through a compiled module."""
import zmq

socket = zmq.Context().socket(zmq.PAIR)
try:
    socket.recv(zmq.NOBLOCK)
except zmq.Again:
    print("again")
