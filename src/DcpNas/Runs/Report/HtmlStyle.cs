namespace DcpNas.Runs.Report;

/// <summary>The style sheet of pages.</summary>
internal static class HtmlStyle
{
    public const string Sheet = """
        :root{--side:24px;--paper:#fff;--text:#1f2328;--soft:#57606a;--line:#dfe4e9;--fill:#f6f8fa;--link:#0b62d0;--warn:#fff4d6;--warn-line:#d29922}
        @media (prefers-color-scheme:dark){:root{--paper:#0d1117;--text:#e6edf3;--soft:#9da7b3;--line:#30363d;--fill:#161b22;--link:#6cb0ff;--warn:#33270a;--warn-line:#9e7a1a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--text);font:15px/1.5 system-ui,'Segoe UI','DejaVu Sans',sans-serif}
        main{max-width:1180px;margin:0 auto;padding:28px var(--side) 60px}
        h1{font-size:26px;line-height:1.25;margin:0;display:flex;align-items:center;gap:12px;flex-wrap:wrap;overflow-wrap:anywhere}
        h2{font-size:19px;margin:40px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
        h3{font-size:15px;margin:22px 0 8px}
        p{margin:8px 0}
        .note,figcaption{color:var(--soft);font-size:13px}
        .badge{font-size:12px;font-weight:600;padding:2px 10px;border-radius:99px;background:#6e7781;color:#fff}
        .badge.finished{background:#1a7f37}.badge.running{background:#0969da}.badge.interrupted{background:#a35200}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:18px 0 0;font-size:13.5px}
        a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0 14px}
        .tiles div{background:var(--fill);border:1px solid var(--line);border-radius:8px;padding:10px 14px;min-width:0}
        .tiles b{display:block;font-size:17px;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}.tiles b.long{font-size:14px;line-height:1.35}.tiles span{display:block;line-height:1.3;margin-top:2px;color:var(--soft);font-size:12.5px}
        pre{background:var(--fill);border:1px solid var(--line);border-radius:8px;padding:10px 14px;font:13px/1.5 ui-monospace,'DejaVu Sans Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:10px 0}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(460px,100%),1fr));gap:26px 34px;margin:14px 0}
        figure{margin:0;min-width:0}figure.wide{margin:18px 0}
        figure svg,figure img{display:block;width:100%;height:auto}figure.wide img{min-width:720px}
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(var(--tile),100%),1fr));gap:14px;margin:14px 0}.gallery figcaption{overflow-wrap:anywhere}.gallery img{max-width:100%}.gallery .enlarged{image-rendering:pixelated}.gallery .good{color:#1a7f37}.gallery .bad{color:#c0392b}
        .scroll,.charts figure,figure.wide{overflow-x:auto;background:linear-gradient(to left,var(--paper) 50%,transparent) right/56px 100% no-repeat local,linear-gradient(to left,#8888,transparent) right/16px 100% no-repeat scroll}
        .broad{width:max-content;min-width:100%;max-width:calc(100vw - 2*var(--side));position:relative;left:50%;transform:translateX(-50%)}
        .broad th,.broad td{padding-right:14px}.broad th:first-child,.broad td:first-child{position:sticky;left:0;background:var(--paper);max-width:min(280px,42vw)}
        .thumb{width:min(380px,80vw);display:inline-block;margin:4px 10px 4px 0}
        table{border-collapse:collapse;font-size:13.5px;margin:8px 0}
        th,td{text-align:left;padding:5px 18px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
        .scroll:not(.broad) td:last-child:not(.n){overflow-wrap:anywhere;min-width:9em}
        th{color:var(--soft);font-weight:600;vertical-align:bottom}td.n,th.n{text-align:right}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
        .notice{background:var(--fill);border-left:4px solid var(--link);padding:8px 14px;border-radius:0 6px 6px 0}
        .notice.warning{background:var(--warn);border-color:var(--warn-line)}
        details{margin:14px 0}summary{cursor:pointer;color:var(--link)}
        @media (max-width:480px){:root{--side:14px}th,td{padding-right:10px}}
        @media print{nav{display:none}section{break-inside:avoid-page}figure svg,figure img{min-width:0!important}}
        """;
}
