using DcpNas.Cli;
using DcpNas.Cli.Commands;

return CommandLine.Run(args, AllCommands.Root(), DoctorCommand.Name, TaskCommand.Prepare, MpiSession.Refuse);
