using System.Buffers;
using System.Text;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Screenings;

/// <summary>
/// Frames of a stream that wait for their screening, with the text in them. What was shown before stays in view of the next screening, so
/// that a word cut in two by a frame or by a window is still read as one.
/// </summary>
internal sealed class HeldOutput
{
    /// <summary>So much unscreened text of a choice is screened at once.</summary>
    public const int DueCharacters = 120;

    private const int KeptCharacters = 400;

    // A whole plain answer may be a megabyte: in slices it keeps no batch, and nobody who shares one, beyond Moderation's deadline.
    private const int SliceCharacters = 16_000;

    private readonly ArrayBufferWriter<byte> _frames = new(1024);
    private readonly Dictionary<int, Window> _windows = [];

    // A piece is added before its frame, so it starts where that does and ends where the next one starts.
    private readonly List<(int Start, int Choice, string Text, int End)> _pieces = [];
    private long _quarters;

    /// <summary>Whether any frame waits; then all later ones wait behind it.</summary>
    public bool IsEmpty => _frames.WrittenCount == 0;

    public bool HasText { get; private set; }

    public bool IsDue { get; private set; }

    /// <summary>The held text, counted by us.</summary>
    public int Tokens => TokenEstimate.Count(_quarters);

    /// <summary>The buffer that held frames are written to.</summary>
    public IBufferWriter<byte> Frames => _frames;

    public void Add(in AnswerDelta piece)
    {
        if (piece.Text.Length == 0) return;
        if (!_windows.TryGetValue(piece.Choice, out var window)) _windows[piece.Choice] = window = new Window();
        window.Text.Append(piece.Text);
        window.Unscreened += piece.Text.Length;
        _pieces.Add((_frames.WrittenCount, piece.Choice, piece.Text, 0));
        _quarters += TokenEstimate.QuartersOf(piece.Text);
        HasText = true;
        IsDue |= window.Unscreened >= DueCharacters;
    }

    /// <summary>For each choice that has something new: what was shown last and what is to be shown next, in slices that overlap.</summary>
    public List<Screening> Screenings(CallIdentity call)
    {
        var screenings = new List<Screening>(_windows.Count);
        foreach (var window in _windows.Values)
        {
            if (window.Unscreened == 0) continue;
            foreach (var slice in Slices(window.Text))
            {
                screenings.Add(new Screening { RequestId = call.RequestId, AccountId = call.AccountId, Stage = ScreeningStage.Output, Texts = [slice] });
            }
        }

        return screenings;
    }

    /// <summary>Lets the held frames go, and their text with them.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="before">How much has been written there before, bytes.</param>
    /// <param name="forwarded">Takes the text, each piece with the place where its frame ends.</param>
    public void Release(IBufferWriter<byte> output, long before, ForwardedText forwarded)
    {
        var end = _frames.WrittenCount;
        for (var i = _pieces.Count - 1; i >= 0; i--)
        {
            var (start, choice, text, _) = _pieces[i];
            _pieces[i] = (start, choice, text, end);
            if (i > 0 && _pieces[i - 1].Start < start) end = start;
        }

        foreach (var piece in _pieces) forwarded.Write(piece.Choice, piece.Text, before + piece.End);
        output.Write(_frames.WrittenSpan);
        _frames.ResetWrittenCount();
        foreach (var window in _windows.Values)
        {
            if (window.Text.Length > KeptCharacters) window.Text.Remove(0, window.Text.Length - KeptCharacters);
            window.Unscreened = 0;
        }

        _pieces.Clear();
        (_quarters, HasText, IsDue) = (0, false, false);
    }

    /// <summary>Drops what is held: it may not be shown. What is written to the answered buffer goes out in its place.</summary>
    public IBufferWriter<byte> Discard()
    {
        _frames.ResetWrittenCount();
        foreach (var window in _windows.Values) window.Unscreened = 0;
        _pieces.Clear();
        (_quarters, HasText, IsDue) = (0, false, false);
        return _frames;
    }

    private static IEnumerable<string> Slices(StringBuilder text)
    {
        for (var start = 0; ; start += SliceCharacters - KeptCharacters)
        {
            yield return text.ToString(start, Math.Min(SliceCharacters, text.Length - start));
            if (start + SliceCharacters >= text.Length) yield break;
        }
    }

    private sealed class Window
    {
        public StringBuilder Text { get; } = new();

        public int Unscreened { get; set; }
    }
}
