using DcpNas.Runs.Report;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    private static void AddExpectedCost(HtmlBlock block, RunHistory history)
    {
        if (history.OverEpochs("", "expected_ops").Points.Count + history.OverEpochs("", "expected_memory_mbit").Points.Count > 0)
        {
            block.Charts(
                ReportParts.Chart(history, "Expected operations under softmax(alpha)", history.OverEpochs("expected OPs", "expected_ops")),
                ReportParts.Chart(history, "Expected memory under softmax(alpha), Mbit", history.OverEpochs("expected memory", "expected_memory_mbit")));
        }
    }
}
