using System.Buffers;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Screenings;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Screenings;

/// <summary>
/// Frames of a stream that wait for their screening, with the text in them. What was shown before stays in view of the next screening, so
/// that a word cut in two by a frame or by a window is still read as one.
/// </summary>
internal sealed class HeldOutput
{
    private readonly ArrayBufferWriter<byte> _frames = new(1024);
    private readonly Dictionary<int, OutputWindow> _windows = [];

    // A piece is added before its frame, so it starts where that does and ends where the next one starts.
    private readonly List<(int Start, int Choice, string Text, int End)> _pieces = [];
    private readonly List<(int? Choice, int End, int Pieces)> _ends = [];
    private readonly List<int> _screened = [];
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
        if (!_windows.TryGetValue(piece.Choice, out var window)) _windows[piece.Choice] = window = new OutputWindow();
        window.Add(piece.Text);
        _pieces.Add((_frames.WrittenCount, piece.Choice, piece.Text, 0));
        _quarters += TokenEstimate.QuartersOf(piece.Text);
        HasText = true;
        IsDue |= window.IsDue;
    }

    /// <summary>The frame that was written last is this choice's alone; null when it is several choices' or nobody's.</summary>
    public void EndFrame(int? choice) => _ends.Add((choice, _frames.WrittenCount, _pieces.Count));

    /// <summary>For each choice that has something new: what was shown last and what is to be shown next, in slices that overlap.</summary>
    public List<Screening> Screenings(CallIdentity call)
    {
        var screenings = new List<Screening>(_windows.Count);
        _screened.Clear();
        foreach (var (choice, window) in _windows)
        {
            if (!window.IsWaiting) continue;
            foreach (var slice in window.Slices())
            {
                _screened.Add(choice);
                screenings.Add(new Screening { RequestId = call.RequestId, AccountId = call.AccountId, Stage = ScreeningStage.Output, Strictness = call.Strictness, Texts = [slice] });
            }
        }

        return screenings;
    }

    /// <summary>Whose text a place of the last <see cref="Screenings"/> had.</summary>
    public int ChoiceOf(int screening) => _screened[screening];

    /// <summary>Drops what these choices have said, and keeps the frames of the others as they are.</summary>
    public void Drop(IReadOnlySet<int> choices)
    {
        var frames = _frames.WrittenSpan.ToArray();
        var pieces = _pieces.ToArray();
        _frames.ResetWrittenCount();
        _pieces.Clear();
        var (start, first) = (0, 0);
        foreach (var (choice, end, last) in _ends)
        {
            if (choice is not { } whose || !choices.Contains(whose))
            {
                foreach (var piece in pieces.AsSpan(first..last)) _pieces.Add(piece with { Start = _frames.WrittenCount });
                _frames.Write(frames.AsSpan(start..end));
            }

            (start, first) = (end, last);
        }

        foreach (var choice in choices) _windows.Remove(choice);
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
        Empty();
    }

    /// <summary>Drops what is held: it may not be shown. What is written to the answered buffer goes out in its place.</summary>
    public IBufferWriter<byte> Discard()
    {
        Empty();
        return _frames;
    }

    private void Empty()
    {
        _frames.ResetWrittenCount();
        foreach (var window in _windows.Values) window.Release();
        _pieces.Clear();
        _ends.Clear();
        (_quarters, HasText, IsDue) = (0, false, false);
    }
}
