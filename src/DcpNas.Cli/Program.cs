using DcpNas.Cli;

return CommandLine.Run(args);
