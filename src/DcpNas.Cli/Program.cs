Console.WriteLine("dcpnas");
