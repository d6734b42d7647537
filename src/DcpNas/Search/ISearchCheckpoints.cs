namespace DcpNas.Search;

/// <summary>Keeps the state of a search on disk.</summary>
public interface ISearchCheckpoints
{
    /// <summary>After each step; writes a checkpoint where one is due.</summary>
    void AfterStep(SearchProgress progress);

    /// <summary>Writes a checkpoint now.</summary>
    void Save(SearchProgress progress);
}
