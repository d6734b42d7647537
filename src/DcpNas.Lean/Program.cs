using System.CommandLine;
using DcpNas.Cli;
using DcpNas.Cli.Commands;
using DcpNas.Cli.Options;
using DcpNas.Inference;

return CommandLine.Run(args, new RootCommand("Runs packed 1-bit convolutional networks. Networks are searched, trained and exported by the whole tool (package DcpNas.Cli).")
{
    InspectCommand.Create(core: null),
    ModelsCommand.Create(),
    ImageLimit.On(PredictCommand.Create((path, options) => new PackedPredictor(ModelFile.Open(path), options), "Packed model")),
    BenchCommand.Create(backend: null),
});
