using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>Files of earlier versions: tests/Models holds some as they were written then.</summary>
public class EarlierFilesTests
{
    // Of the image below; those of packed_model.py.
    [Theory]
    [InlineData(NumericMode.Exact, 0xBF9512C7u, 0xBE91310Du, 0xBF950565u, 0xBEA41DBAu, 0x3D2FB0E6u, 0x3E5B3DD2u, 0x3E5F8959u, 0xBEB25E94u, 0x3EE6EB16u, 0xBE753D60u)]
    [InlineData(NumericMode.Fast, 0xBF9504ECu, 0xBE911699u, 0xBF950408u, 0xBEA403DEu, 0x3D308C64u, 0x3E5B252Eu, 0x3E6011AAu, 0xBEB24A48u, 0x3EE70151u, 0xBE754C0Cu)]
    public void Run_OfAFileWithoutNetwork_GivesTheLogitsOfThen(NumericMode mode, params uint[] logits)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Models", "without-network.dcpnas");
        var model = PackedModel.Load(path);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = mode });

        runner.Run([.. Enumerable.Range(0, 32 * 32 * 3).Select(i => ((i * 37 % 256) - 128) / 64f)]);

        Assert.Null(model.Info.Network);
        Assert.Equal(logits, runner.Output(GraphOutput.Logits).ToArray().Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(File.ReadAllBytes(path), SampleModels.Bytes(model)); // what is not there is not written either
    }
}
