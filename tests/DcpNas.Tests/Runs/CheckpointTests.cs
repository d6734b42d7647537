using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Runs;
using DcpNas.Tests.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Tests.Runs;

public class CheckpointTests
{
    public CheckpointTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    private static void Save(string path, int epoch, Action? beforeReplace = null)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new Checkpoint(new JsonObject { ["epoch"] = epoch, ["note"] = "é<>" });
        checkpoint.Add("alpha", full(2, 3, (float)epoch));
        checkpoint.Add("random", new byte[] { 1, 2, 3 });
        checkpoint.Save(path, beforeReplace);
    }

    private static int Epoch(string path, out List<string> warnings)
    {
        var found = new List<string>();
        using var checkpoint = Checkpoint.LoadNewest(path, found.Add);
        warnings = found;
        Assert.Equal("é<>", (string?)checkpoint.State["note"]);
        var epoch = (int)checkpoint.State["epoch"]!;
        Assert.All(checkpoint.Get("alpha").data<float>().ToArray(), value => Assert.Equal(epoch, value));
        Assert.Equal([1, 2, 3], checkpoint.GetBytes("random"));
        return epoch;
    }

    [Fact]
    public void SaveThenLoad_GivesStateTensorsAndBytes()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Assert.False(Checkpoint.Exists(path));

        Save(path, 4);

        Assert.True(Checkpoint.Exists(path));
        Assert.Equal(4, Epoch(path, out var warnings));
        Assert.Empty(warnings);
        Assert.Equal(["checkpoint.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Save_GivesTheBytesOfEarlierVersions()
    {
        using var folder = new TemporaryFolder();

        Save(folder["checkpoint.safetensors"], 4);

        Assert.StartsWith("cc37c0901cffb2b6dd3a38a90b0920efdd85fd354f2577fd3b", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder["checkpoint.safetensors"]))));
    }

    [Fact]
    public void Ask_OfAMissingOrWrongValue_NamesFileAndPlace()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        using (var written = new Checkpoint(new JsonObject
        {
            ["log_position"] = -1,
            ["side"] = new JsonObject { ["flags"] = new JsonArray(true, 1) },
            ["progress"] = new JsonObject { ["epoch"] = "x", ["totals"] = null },
        }))
        {
            written.Save(path);
        }

        using var checkpoint = Checkpoint.Load(path);
        const string Remedy = "The checkpoint belongs to another network or version; start the run in a new folder.";
        Assert.Equal($"{path}: at metadata 'state', log_position, expected a whole number of at least 0 but found -1. {Remedy}", Fault(() => checkpoint.Ask("log_position").Whole(0, long.MaxValue)));
        Assert.Equal($"{path}: at metadata 'state', parent, expected an object but found none. {Remedy}", Fault(() => checkpoint.Ask("parent")["rate"].Real()));
        Assert.Equal($"{path}: at metadata 'state', side.flags[1], expected true or false but found 1. {Remedy}", Fault(() => checkpoint.Ask("side")["flags"].Items().Select(flag => flag.Flag()).ToList()));
        var faults = $"{path}, metadata 'state', progress cannot be used:\n  - epoch must be a whole number, got \"x\".\n  - totals must be an object, got null.";
        Assert.Equal(faults, Fault(() => DcpNas.Training.TrainProgress.FromJson(checkpoint.Ask("progress"))));
        Assert.Equal(faults, Fault(() => DcpNas.Search.SearchProgress.FromJson(checkpoint.Ask("progress"))));

        static string Fault(Func<object?> read) => Assert.ThrowsAny<InputException>(read).Message;
    }

    [Fact]
    public void Save_Again_KeepsTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        Save(path, 2);
        Save(path, 3);

        Assert.Equal(3, Epoch(path, out _));
        Assert.Equal(2, Epoch(folder["checkpoint.previous.safetensors"], out _));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Load_EachByteDamaged_TakesThePreviousWithAWarning()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        Save(path, 2);
        var whole = File.ReadAllBytes(path);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var position = 0; position < whole.Length; position++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[position] ^= (byte)(1 << (position % 8));
            File.WriteAllBytes(path, damaged);

            var epoch = Epoch(path, out var warnings);

            // Only a byte that carries no meaning (the case of a digit in a JSON escape, a space) may go unnoticed.
            if (epoch == 2)
            {
                Assert.Empty(warnings);
                Assert.True((whole[position] | 0x20) == (damaged[position] | 0x20), $"The flip of byte {position} went unnoticed.");
            }
            else
            {
                Assert.StartsWith($"{path}: ", Assert.Single(warnings));
                Assert.Contains($" Going on from {folder["checkpoint.previous.safetensors"]}, written ", warnings[0]);
            }
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Load_TensorBytesDamaged_NamesFileAndPlace()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<InputException>(() => Checkpoint.Load(path));

        Assert.StartsWith($"{path}: at byte {bytes.Length - 27}, expected bytes with SHA-256 ", error.Message);
        Assert.EndsWith("The file is damaged or is not a safetensors file; use another copy.", error.Message);
    }

    [Fact]
    public void Load_DamagedWithAPreviousOne_NamesItAndDoesNotTakeIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder["best.safetensors"];
        Save(path, 1);
        Save(path, 2);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<InputException>(() => Checkpoint.Load(path));

        var previous = folder["best.previous.safetensors"];
        Assert.StartsWith($"{path}: at byte {bytes.Length - 27}, expected bytes with SHA-256 ", error.Message);
        Assert.EndsWith($"The file is damaged or is not a safetensors file; use another copy. The file before it is {previous}; name that one to use it.", error.Message);
        using var named = Checkpoint.Load(previous);
        Assert.Equal(1, (int)named.State["epoch"]!);
    }

    [Fact]
    public void Load_BothDamaged_NamesBoth()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        File.WriteAllText(path, "torn");
        File.WriteAllText(folder["checkpoint.previous.safetensors"], "");

        var error = Assert.Throws<InputException>(() => Checkpoint.LoadNewest(path, _ => { }));

        Assert.Contains($"{path}: at the header length, expected 8 bytes but found 4.", error.Message);
        Assert.Contains($"{folder["checkpoint.previous.safetensors"]}: at the header length, expected 8 bytes but found 0.", error.Message);
        Assert.EndsWith("Neither checkpoint can be used; start the run in a new folder.", error.Message);
    }

    [Fact]
    public void Load_NewestMissing_TakesThePrevious()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        Save(path, 2);
        File.Delete(path);

        Assert.True(Checkpoint.Exists(path));
        Assert.Equal(1, Epoch(path, out var warnings));
        Assert.Single(warnings);
    }

    [Fact]
    public void Load_NothingThere_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => Checkpoint.Load(folder["checkpoint.safetensors"]));
        Assert.Contains("cannot be opened", error.Message);
    }

    [Fact]
    public void Save_KilledBeforeTheRename_LeavesTheNewestInPlace()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        Save(path, 2);

        Assert.Throws<OperationCanceledException>(() => Save(path, 3, () => throw new OperationCanceledException()));

        Assert.True(File.Exists(path + ".tmp"));
        Assert.Equal(2, Epoch(path, out var warnings));
        Assert.Empty(warnings);
        Assert.Equal(1, Epoch(folder["checkpoint.previous.safetensors"], out _));
        Save(path, 3);
        Assert.Equal(3, Epoch(path, out _));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Save_KilledWhileWriting_LeavesTheNewestInPlace()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        File.WriteAllBytes(path + ".tmp", File.ReadAllBytes(path)[..100]);

        Assert.Equal(1, Epoch(path, out var warnings));
        Assert.Empty(warnings);
        Save(path, 2);
        Assert.Equal(2, Epoch(path, out _));
        Assert.Equal(1, Epoch(folder["checkpoint.previous.safetensors"], out _));
    }

    [Fact]
    public void Save_DiskFull_KeepsTheOldOnesAndSaysSo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        File.CreateSymbolicLink(path + ".tmp", "/dev/full");

        var error = Assert.Throws<InputException>(() => Save(path, 2));

        Assert.StartsWith($"{path}: cannot be written: No space left on device", error.Message);
        Assert.EndsWith("Free disk space, or choose a folder that can be written to.", error.Message);
        Assert.Equal(1, Epoch(path, out _));
        Assert.Equal(["checkpoint.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Load_WholeFileOfAnotherKind_DoesNotFallBack()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(folder["checkpoint.previous.safetensors"], 1);
        Safetensors.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(1) });

        Assert.Equal(1, Epoch(path, out var warnings));
        Assert.Contains("at metadata 'header_sha256', expected a SHA-256 but found none", Assert.Single(warnings));
    }

    [Fact]
    public void Get_Unknown_NamesFileAndTensor()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        Save(path, 1);
        using var checkpoint = Checkpoint.Load(path);

        var missing = Assert.Throws<InputException>(() => checkpoint.Get("beta"));
        var noBytes = Assert.Throws<InputException>(() => checkpoint.GetBytes("alpha"));

        Assert.Equal($"{path}: at tensor 'beta', expected a tensor but found none. The checkpoint belongs to another network or version; start the run in a new folder.", missing.Message);
        Assert.Contains("at tensor 'alpha', expected bytes but found Float32 of 2 dimensions", noBytes.Message);
    }

    [Fact]
    public void Add_NameTwice_Throws()
    {
        using var value = ones(1);
        using var checkpoint = new Checkpoint([]);
        checkpoint.Add("a", value);
        Assert.Throws<ArgumentException>(() => checkpoint.Add("a", value));
        Assert.Throws<ArgumentException>(() => checkpoint.Add("__metadata__", value));
    }

    [Fact]
    public void RestoredTraining_EqualsUninterruptedTraining()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var module = nn.Sequential(("conv", nn.Conv2d(2, 3, 3, padding: 1)), ("norm", nn.BatchNorm2d(3)));
        using var sgd = optim.Adam(module.parameters(), 0.01);
        Train(module, sgd, 3);
        using (var checkpoint = new Checkpoint([]))
        {
            checkpoint.AddModule("net", module);
            checkpoint.AddOptimizer("optimizer", sgd);
            checkpoint.AddRandomState("random");
            checkpoint.Save(path);
        }

        var expected = Train(module, sgd, 3);

        random.manual_seed(99);
        using var other = nn.Sequential(("conv", nn.Conv2d(2, 3, 3, padding: 1)), ("norm", nn.BatchNorm2d(3)));
        using var otherSgd = optim.Adam(other.parameters(), 0.5);
        using (var checkpoint = Checkpoint.Load(path))
        {
            checkpoint.RestoreModule("net", other);
            checkpoint.RestoreOptimizer("optimizer", otherSgd);
            checkpoint.RestoreRandomState("random");
        }

        Assert.Equal(expected, Train(other, otherSgd, 3));
    }

    [Theory]
    [InlineData(NetworkNames.Cells)]
    [InlineData(NetworkNames.BiRealNet18)]
    [InlineData(NetworkNames.ReActNetA)]
    public void AddModule_OfANetwork_StoresEachTensorOnceUnderItsRegisteredName(string architecture)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCatalog.Create(Examples.Of(architecture));
        using var checkpoint = new Checkpoint([]);
        checkpoint.AddModule("net", network);

        var handles = network.parameters().Concat(network.buffers()).Select(tensor => tensor.Handle).ToHashSet();
        Assert.Equal(handles.Count, checkpoint.Tensors.Count);
        Assert.All(checkpoint.Tensors.Keys, name => Assert.Matches(@"^net(\.[a-z0-9][a-z0-9_]*)+$", name));
    }

    [Fact]
    public void RestoreModule_OfAnotherShape_NamesTheTensorAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var small = nn.Linear(2, 3);
        using var large = nn.Linear(4, 3);
        using var withoutBias = nn.Linear(2, 3, hasBias: false);
        using var checkpoint = new Checkpoint([]);
        checkpoint.AddModule("net", small);
        var before = large.state_dict()["bias"].bytes.ToArray();

        var shape = Assert.Throws<InputException>(() => checkpoint.RestoreModule("net", large));
        var extra = Assert.Throws<InputException>(() => checkpoint.RestoreModule("net", withoutBias));

        Assert.StartsWith("checkpoint: at tensor 'net.weight', expected Float32 [3, 4] but found Float32 [3, 2].", shape.Message);
        Assert.StartsWith("checkpoint: at tensor 'net.bias', expected no such tensor but found one.", extra.Message);
        Assert.Equal(before, large.state_dict()["bias"].bytes.ToArray());
    }

    [Fact]
    public void SaveAndLoad_ManyTimes_LeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        var path = folder["checkpoint.safetensors"];
        using var module = nn.Linear(4, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++)
        {
            using (var saved = new Checkpoint([]))
            {
                saved.AddModule("net", module);
                saved.AddRandomState("random");
                saved.Add("bytes", new byte[] { 1 });
                saved.Save(path);
            }

            using var loaded = Checkpoint.Load(path);
            loaded.RestoreModule("net", module);
            loaded.RestoreRandomState("random");
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static byte[] Train(nn.Module<Tensor, Tensor> module, OptimizerHelper optimizer, int steps)
    {
        using var scope = NewDisposeScope();
        for (var step = 0; step < steps; step++)
        {
            optimizer.zero_grad();
            module.forward(randn(4, 2, 5, 5)).pow(2).sum().backward();
            ((optim.Optimizer)optimizer).step();
        }

        return [.. module.state_dict().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.bytes.ToArray())];
    }
}
