from package import NAME  # ran

if __name__ == "__main__":  # ran
    print(NAME)  # ran
else:
    print("imported")  # not run
