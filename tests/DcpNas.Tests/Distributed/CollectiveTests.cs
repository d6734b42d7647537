using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Distributed;
using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Distributed;

public class CollectiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Gather_OfMessagesOfAnyLength_GivesAllOnEveryRank(int ranks)
    {
        var expected = Enumerable.Range(0, ranks).Select(Message);

        Assert.All(
            ThreadRanks.Run(ranks, collective => collective.Gather(Encoding.UTF8.GetBytes(Message(collective.Rank)), Collective.Patience)),
            all => Assert.Equal(expected, all.Select(Encoding.UTF8.GetString)));

        static string Message(int rank) => new('x', rank * rank); // rank 0 has nothing to say
    }

    [Fact]
    public void Broadcast_GivesWhatRank0Sends() => Assert.All(
        ThreadRanks.Run(4, collective => collective.Broadcast([(byte)(10 + collective.Rank)], Collective.Patience)), got => Assert.Equal([10], got));

    [Fact]
    public void Together_WhereOneRankCannot_EndsAllOfThemWithItsMessage()
    {
        var ended = ThreadRanks.Try(4, collective => collective.Together(() => collective.Rank == 2 ? throw new InputException("no such folder.") : collective.Rank));

        Assert.All(ended, one => Assert.IsType<RanksRefusedException>(one.Error));
        Assert.Equal($"rank 2 of 4 on {Environment.MachineName}: no such folder.", ended[0].Error!.Message);
        Assert.Equal("no such folder.", ended[2].Error!.Message);
    }

    [Fact]
    public void Together_OfOneProcess_LeavesItsExceptionAsItIs() =>
        Assert.Throws<OptionsException>(() => SingleProcess.Instance.Together<int>(() => throw new OptionsException("options", ["x must be 1."])));

    [Fact]
    public void StopTogether_WhereOneRankWasAsked_SavesAndStopsAll()
    {
        using var asked = new CancellationTokenSource();
        asked.Cancel();
        var saved = 0;

        var ended = ThreadRanks.Try(4, collective =>
        {
            collective.StopTogether(() => saved += 100, CancellationToken.None); // nobody was asked
            collective.StopTogether(() => saved++, collective.Rank == 3 ? asked.Token : CancellationToken.None);
            return 0;
        });

        Assert.All(ended, one => Assert.IsType<OperationCanceledException>(one.Error));
        Assert.Equal(4, saved);
    }

    [Fact]
    public void Demand_OfSameOptions_NamesTheFirstDifferenceAndItsRank()
    {
        var ended = ThreadRanks.Try(4, collective =>
        {
            SameOptions.Demand(collective, new JsonObject { ["seed"] = 3, ["workers"] = collective.Rank, ["train"] = new JsonObject { ["rate"] = collective.Rank == 2 ? 0.2 : 0.1 } }, ["workers"]);
            return 0;
        });

        Assert.All(ended, one => Assert.Equal(
            "rank 2 of 4 was started with another train.rate: 0.1 on rank 0, 0.2 there. Start the same build with the same options on all ranks.", Assert.IsType<RanksRefusedException>(one.Error).Message));
    }

    [Fact]
    public void RankFiles_GiveEveryRankItsCopyOfWhatRank0Has()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["a.bin", "missing", "b.txt"];
        File.WriteAllBytes(Path.Combine(folder.Path, names[0]), [.. Enumerable.Range(0, 1000).Select(i => (byte)i)]);
        File.WriteAllText(Path.Combine(folder.Path, names[2]), "");

        var copies = ThreadRanks.Run(2, collective =>
        {
            if (collective.Rank == 0)
            {
                RankFiles.Send(collective, folder.Path, names);
                return (folder.Path, "");
            }

            using var files = RankFiles.Receive(collective, names);
            return (files.Folder, string.Join(' ', Directory.EnumerateFiles(files.Folder).Order().Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(File.ReadAllBytes(path))}")));
        });

        Assert.Equal($"a.bin {Convert.ToHexString(File.ReadAllBytes(Path.Combine(folder.Path, names[0])))} b.txt ", copies[1].Item2);
        Assert.False(Directory.Exists(copies[1].Item1));
    }
}
